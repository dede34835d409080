"""The saturation study: how the scale of the first weights saturates the hidden units."""
