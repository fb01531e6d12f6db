"""AWS, read through botocore."""
