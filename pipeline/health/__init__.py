"""What is possible and costs money: checks, and each night's figures."""
