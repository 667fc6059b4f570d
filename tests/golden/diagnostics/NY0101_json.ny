{  #~ NY0101@1 this is JSON, not Nyx  #~ help write `machine web {`, in it a line `name = value` for each field, and `}` at the end
  "boot-source": {
    "kernel_image_path": "vmlinux",
    "boot_args": "console=ttyS0"
  },
  "drives": [
    { "drive_id": "rootfs", "is_root_device": true }
  ],
  "machine-config": { "vcpu_count": 2, "mem_size_mib": 1024 }
}
