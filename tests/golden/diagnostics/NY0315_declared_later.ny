let total: int  #~ label@5 declared here
print(total)  #~ NY0315@7 `total` has no value yet
start()  #~ NY0315@1 `start` has no value yet
fn start() { return 1 }  #~ label@4 it gets one here
fn branch(wanted) {
    if wanted { found = 1 } else { print(found) }  #~ NY0315@42 `found` has no value yet  #~ label@17 declared here
}
