"""Playback: the player, the timeline and the transport bar."""
