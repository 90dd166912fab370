"""How every shipped weight and derived table was made: one command each."""
