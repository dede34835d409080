"""The attack on claims: a search for experiments that contradict them."""
