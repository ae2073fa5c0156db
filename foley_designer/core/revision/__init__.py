"""The edit language: operations, how they apply, what they change."""
