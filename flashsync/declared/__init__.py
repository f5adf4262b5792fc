"""What a user may write: strict models of the files, and their JSON Schema."""
