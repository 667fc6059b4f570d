<domain type="kvm">  #~ NY0101@1 this is XML, not Nyx  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
  <name>web</name>
</domain>
