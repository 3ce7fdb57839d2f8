"""The few pages that people see: behind the links in mails."""
