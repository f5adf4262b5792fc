"""Pages: one file each, which loads nothing; the frame, the axis of time, lanes of shifts."""
