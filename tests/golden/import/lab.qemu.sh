#!/bin/sh
# The machine of the lab.
IMG=${1:-disk.qcow2}
exec sudo /usr/bin/qemu-system-x86_64 \
    -name guest=lab-7,process=lab \
    -machine pc-i440fx-7.2,accel=kvm:tcg,kernel_irqchip=off,usb=off \
    -cpu Nehalem,-sse4.2,+pcid,vmx=off,hv_relaxed=on \
    -m size=1.5G,slots=2,maxmem=8G \
    -smp 4,sockets=1,cores=2,threads=2,maxcpus=8 \
    -kernel 'bzImage' -initrd "init rd.img" \
    -append "root=/dev/sda1 console=ttyS0 dyndbg=\"file x +p\"" \
    -drive file="$IMG",if=virtio,format=qcow2 \
    -netdev user,id=n0,hostfwd=tcp::2222-:22 -device virtio-net-pci,netdev=n0 \
    -chardev stdio,id=con,mux=on -device isa-serial,chardev=con,id=con0 -mon chardev=con \
    -chardev file,id=dbg,path=seabios.log -device isa-debugcon,iobase=0x402,chardev=dbg \
    -device isa-debug-exit,iobase=0xf4,iosize=0x04 \
    -serial none \
    -device pvpanic \
    -rtc base=localtime,clock=vm \
    -display none -vga none -nodefaults -no-reboot -daemonize --pidfile lab.pid \
    extra.img | tee boot.log
