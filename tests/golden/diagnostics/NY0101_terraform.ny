resource "libvirt_domain" "web" {  #~ NY0101@1 a machine is not begun by `resource` and a label in quotes  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
    memory = 1024
    disk { volume_id = "x" }
}
int main(void) {  #~ NY0101@1 a function begins with `fn`; what it gives stands behind its parameters, as in `-> int`
    return 0
}
vm "web" { cpus = 2 }  #~ NY0101@1 a machine is not begun by `vm` and a label in quotes  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
print(1)
