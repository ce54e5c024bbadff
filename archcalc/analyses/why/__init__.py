"""Why a reported figure differs: variant, input size or convention."""
