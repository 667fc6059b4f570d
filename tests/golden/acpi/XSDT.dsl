[000h 0000   4]                    Signature : "XSDT"    [Extended System Description Table]
[004h 0004   4]                 Table Length : 0000003C
[008h 0008   1]                     Revision : 01
[009h 0009   1]                     Checksum : 57
[00Ah 0010   6]                       Oem ID : "NYX   "
[010h 0016   8]                 Oem Table ID : "NYXMACHN"
[018h 0024   4]                 Oem Revision : 00000001
[01Ch 0028   4]              Asl Compiler ID : "NYXC"
[020h 0032   4]        Asl Compiler Revision : 00000001

[024h 0036   8]       ACPI Table Address   0 : 00000000000E01C0
[02Ch 0044   8]       ACPI Table Address   1 : 00000000000E02E0
[034h 0052   8]       ACPI Table Address   2 : 00000000000E0350

Raw Table Data: Length 60 (0x3C)

    0000: 58 53 44 54 3C 00 00 00 01 57 4E 59 58 20 20 20  // XSDT<....WNYX   
    0010: 4E 59 58 4D 41 43 48 4E 01 00 00 00 4E 59 58 43  // NYXMACHN....NYXC
    0020: 01 00 00 00 C0 01 0E 00 00 00 00 00 E0 02 0E 00  // ................
    0030: 00 00 00 00 50 03 0E 00 00 00 00 00              // ....P.......
