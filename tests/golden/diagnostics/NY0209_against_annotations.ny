class Port { base: int = 0 }  #~ label@14 declared here
fn open(port: Port, name: string?) -> int {  #~ label@39 declared here  #~ label@21 declared here  #~ label@9 declared here
    let mut count: int = 0  #~ label@13 declared here
    count = name + "x"  #~ NY0209@13 `count` is int, and this is string
    port.base = "text" + name  #~ NY0209@17 field `base` is int, and this is string
    return "none" + name  #~ NY0209@12 the result is int, and this is string
}
fn use() {
    let place = Port()
    open(place, 1 KiB + 1 KiB)  #~ NY0209@17 parameter `name` is string?, and this is size
    open(1 + 1, null)  #~ NY0209@10 parameter `port` is Port, and this is int
    let lists: array<int> = [1, "two"]  #~ NY0209@33 an element of `lists` is int, and this is string  #~ label@9 declared here
    return lists
}
