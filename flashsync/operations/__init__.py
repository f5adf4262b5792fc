"""What a command does, without the command line. Imports neither click nor `render`."""
