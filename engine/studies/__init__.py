"""Studies: experiments whose frames vary something other than the training step."""
