"""The form beside the stage: an editor for every field of the experiment."""
