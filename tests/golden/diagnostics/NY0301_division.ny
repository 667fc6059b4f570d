fn share(total, parts) {
    return total / parts  #~ NY0301@12 division by zero
}
let each = share(64, 0)  #~ label@12 called from `NY0301_division` here
