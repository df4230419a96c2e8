using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>One size of the family.</summary>
/// <param name="AddressBytes">Bytes of a memory address on the wire.</param>
/// <param name="PageBytes">A write may not cross a page: it would wrap to the page's start.</param>
/// <param name="Blocks">Device addresses the chip answers at: the memory address's upper bits ride there in the 24C04 to 24C16.</param>
internal sealed record Eeprom24cSize(string Name, int Bytes, int AddressBytes, int PageBytes, int Blocks = 1)
{
    public static ImmutableArray<Eeprom24cSize> All { get; } =
    [
        new("24c01", 128, 1, 8), new("24c02", 256, 1, 8), new("24c04", 512, 1, 16, 2), new("24c08", 1024, 1, 16, 4), new("24c16", 2048, 1, 16, 8),
        new("24c32", 4096, 2, 32), new("24c64", 8192, 2, 32), new("24c128", 16384, 2, 64), new("24c256", 32768, 2, 64), new("24c512", 65536, 2, 128),
    ];

    public int BlockBytes => Bytes / Blocks;

    public static Eeprom24cSize Of(string name) => All.First(size => size.Name == name);
}
