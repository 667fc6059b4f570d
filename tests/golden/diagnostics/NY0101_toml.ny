[machine.web]  #~ NY0101@1 a machine is not begun by a heading in `[ ]`  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
memory = "512MiB"
cpus = 2
[machine.web.boot]
kernel = "vmlinux"
