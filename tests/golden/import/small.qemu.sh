qemu-system-x86_64 -m 512 -nographic -accel tcg -hda disk.img -net none
