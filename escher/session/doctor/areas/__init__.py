"""What the doctor looks at; each module declares its `LOOKS`."""
