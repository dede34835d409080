"""Export: a comparison rendered off screen and written as a video, an animation or frames."""
