"""AWS read without botocore's clients: its models, rules and errors, but one event loop and parsers made for each call."""
