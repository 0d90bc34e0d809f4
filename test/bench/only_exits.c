// A static program that does nothing, built as cmdai-hook is: the floor of what is started for one line.
int main(void) { return 0; }
