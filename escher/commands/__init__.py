"""The commands, one file each; the command line and the magics share them."""
