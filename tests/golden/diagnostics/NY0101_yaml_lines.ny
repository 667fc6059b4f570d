name: web  #~ NY0101@5 `name:` is no statement; fields stand in a machine  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
memory: 512M
cpus: 2
boot:
  kernel: vmlinux
  - x
