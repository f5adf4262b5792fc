"""The only writer: carries out a plan, reads back, and says what became of each write."""
