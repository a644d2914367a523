"""Reading PDF files: time beside others, memory beside length."""
