namespace EdgeGateway.Drivers;

/// <summary>The reference SPADs: which of the 48 light-sensitive cells the chip compares with.</summary>
/// <param name="Count">Cells to use, as the chip's memory says.</param>
/// <param name="AreApertures">True where they are the covered ones, which begin at the twelfth.</param>
internal readonly record struct Vl53l0xSpads(int Count, bool AreApertures)
{
    private const int FirstAperture = 12, All = 48;

    public static Vl53l0xSpads Parse(byte info) => new(info & 0x7F, (info & 0x80) != 0);

    /// <summary>Leaves the first <see cref="Count"/> usable cells in the map of six bytes and turns the others off.</summary>
    public void Select(Span<byte> map)
    {
        var enabled = 0;
        for (var cell = 0; cell < All; cell++)
        {
            var bit = (byte)(1 << (cell % 8));
            if ((map[cell / 8] & bit) == 0)
                continue;
            if (cell < (AreApertures ? FirstAperture : 0) || enabled == Count)
                map[cell / 8] &= (byte)~bit;
            else
                enabled++;
        }
    }
}
