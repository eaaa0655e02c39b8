"""One person, one account: phones and WeChat are bound, and two accounts of a person become one."""
