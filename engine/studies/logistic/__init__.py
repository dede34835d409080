"""The logistic study: logistic regression from several starts, with either loss."""
