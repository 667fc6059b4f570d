# What nothing catches ends the script, at its place.
print("before")          #> before
fn check(vm) {
    throw "not ready"    #! NY0301
}
check(1)
print("never")
