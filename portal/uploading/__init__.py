"""Looking into uploaded files, one module per family; the door is portal.uploads."""
