"""The decision: what apply would do, why, and what speaks against it. Pure: no I/O."""
