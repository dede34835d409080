"""The form beside the stage: every field of the experiment."""
