"""What the texts say about first weights, and what comes out when it is measured."""
