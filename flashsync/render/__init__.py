"""Values to text, one file a format. Pure: nothing here prints, or asks for the time."""
