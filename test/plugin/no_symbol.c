// Exports nothing cmdai knows.
int nothing_here = 1;
