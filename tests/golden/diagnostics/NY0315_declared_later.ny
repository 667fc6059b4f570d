let total: int  #~ label@5 declared here
print(total)  #~ NY0315@7 `total` has no value yet
start()  #~ NY0315@1 `start` has no value yet
fn start() { return 1 }  #~ label@4 it gets one here
fn branch(wanted) {
    if wanted { found = 1 } else { print(found) }  #~ NY0315@42 `found` has no value yet  #~ label@17 declared here
}

fn last() {
    return 1
}
let widget: int  #~ label@5 declared here
let wide: map  #~ label@5 declared here
print(widget, wide)  #~ NY0315@7 `widget` has no value yet  #~ NY0315@15 `wide` has no value yet
let made = Early()  #~ NY0315@12 `Early` has no value yet

class Early {  #~ label@7 it gets one here
    pass
}

let end = 1
