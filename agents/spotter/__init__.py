"""The spotter: looks at moments and says which of them sound."""
