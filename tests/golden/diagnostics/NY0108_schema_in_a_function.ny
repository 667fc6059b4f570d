fn f() {
    schema disk : device { size: int = 1 }  #~ NY0108@5 schemas stand at the top of a file or module
}
