"""Values to text: plans, outcomes and problems, for people and for programs. Prints nothing."""
