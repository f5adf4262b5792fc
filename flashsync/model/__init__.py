"""What a schedule is: frozen values with ids, Unix seconds and the account's zone. No I/O."""
