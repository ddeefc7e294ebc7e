"""The form that users will see, before anything is uploaded: its layout, its validation, and what comes out of it."""
