using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Finds out what is wired, without writing more than a register pointer or an identification command to anything.</summary>
/// <param name="configured">The chip a configured device has at a bus and address, whether it answers or not: it is left alone. Null: those that are open are.</param>
public sealed class DeviceDetector(IHeader header, Func<string, int, string?>? configured = null)
{
    private const int MostStuck = 3; // one chip may hold the clock at a question that is not its own; then the bus is

    private const int FirstAddress = 0x08, LastAddress = 0x77; // the others are reserved (I²C specification UM10204 §3.1.12)
    private const int IdentityBus = 0; // ID_SD and ID_SC: the EEPROM of a HAT

    private const string HatFolder = "/proc/device-tree/hat";

    private static readonly (int First, int Last, string Chip)[] AllCalls = [(0x70, 0x70, "PCA9685")];

    /// <summary>Looks at every bus. A bus that cannot be opened is left out and told of.</summary>
    /// <param name="wanted">Which I²C buses; null: all. Those of a monitor or camera are none of ours to look at again and again.</param>
    public async Task<DetectionResult> ScanAsync(CancellationToken cancellationToken, Func<string, bool>? wanted = null)
    {
        var found = ImmutableArray.CreateBuilder<FoundDevice>();
        var problems = ImmutableArray.CreateBuilder<string>();
        foreach (var bus in header.I2cBuses.Where(bus => wanted?.Invoke(bus) ?? true))
        {
            try
            {
                found.AddRange(await ScanI2cAsync(bus, cancellationToken).ConfigureAwait(false));
            }
            catch (DriverException ex)
            {
                problems.Add(ex.Message);
            }
        }

        foreach (var slave in header.OneWire.Slaves.Where(Ds18b20.IsThermometer))
            found.Add(new FoundDevice("w1", slave, [new("ds18b20", "DS18B20", Confidence.Certain, $"1-Wire family {slave[..2]}")], null, []));
        return new DetectionResult(found.ToImmutable(), problems.ToImmutable());
    }

    /// <param name="bus">Also a channel of a TCA9548A: <c>i2c-1/0x70/3</c>.</param>
    /// <exception cref="DriverException">The bus cannot be opened.</exception>
    public async Task<ImmutableArray<FoundDevice>> ScanI2cAsync(string bus, CancellationToken cancellationToken)
    {
        var owner = header.OpenI2c(bus);
        var found = new List<FoundDevice>();
        var stuck = 0;
        for (var address = FirstAddress; address <= LastAddress; address++)
        {
            var (device, isStuck) = await LookAsync(owner, address, cancellationToken).ConfigureAwait(false);
            if (device is not null)
                found.Add(device);
            if (isStuck && ++stuck == MostStuck)
            {
                throw new DriverException(DriverFault.BusStuck, new DeviceName("the scan", bus, ""), $"the bus is held: {MostStuck} addresses did not come to an end",
                    "a chip that holds SCL or SDA low; take its power away");
            }
        }

        return [.. found.Select(device => device with { Warnings = Warn(device, found) })];
    }

    private async Task<(FoundDevice? Found, bool IsStuck)> LookAsync(I2cBusOwner bus, int address, CancellationToken cancellationToken)
    {
        var text = I2cBusOwner.Hex(address);
        if ((bus.OwnerOf(address) ?? configured?.Invoke(bus.Name, address)) is { } owner)
            return (new FoundDevice(bus.Name, text, [], owner, []), false);
        I2cChip chip;
        try
        {
            chip = bus.OpenProbe(address);
        }
        catch (DriverException ex) when (ex.Fault == DriverFault.Taken)
        {
            return (new FoundDevice(bus.Name, text, [], "a driver of the kernel", []), false);
        }

        using (chip)
        {
            var probe = new Probe(chip);
            var entry = IsHatIdentity(bus.Name, address) ? null : AddressMap.Find(address);
            var proposals = new List<DriverProposal>();
            foreach (var step in entry?.Steps ?? [])
            {
                if (await step(probe, cancellationToken).ConfigureAwait(false) is not { } found)
                    continue;
                proposals.Add(new DriverProposal(DriverCatalog.Find(found.Driver)?.Name, found.Chip, found.Confidence, found.Reason));
                if (found.Confidence == Confidence.Certain)
                    break;
            }

            if (proposals.Count == 0 && !probe.IsPresent)
                await probe.PlainAsync(1, cancellationToken).ConfigureAwait(false);
            if (!probe.IsPresent)
                return (null, probe.IsStuck);
            if (IsHatIdentity(bus.Name, address) && await HatAsync(cancellationToken).ConfigureAwait(false) is { } hat)
                proposals.Add(hat);
            if (proposals.Count == 0)
            {
                proposals.AddRange((entry?.Guesses ?? []).Select(guess =>
                    new DriverProposal(DriverCatalog.Find(guess.Driver)?.Name, guess.Chip, Confidence.Guess, "answers, and has no identification")));
            }

            return (new FoundDevice(bus.Name, text, [.. proposals.OrderByDescending(proposal => proposal.Confidence)], null, []), probe.IsStuck);
        }
    }

    private static bool IsHatIdentity(string bus, int address) => bus == $"i2c-{IdentityBus}" && address == 0x50;

    /// <summary>What the firmware read from the EEPROM of a HAT at boot.</summary>
    private async ValueTask<DriverProposal?> HatAsync(CancellationToken cancellationToken)
    {
        if (!header.Files.Exists(HatFolder + "/product"))
            return null;
        var vendor = header.Files.Exists(HatFolder + "/vendor") ? await header.Files.ReadAsync(HatFolder + "/vendor", cancellationToken).ConfigureAwait(false) : "";
        var product = await header.Files.ReadAsync(HatFolder + "/product", cancellationToken).ConfigureAwait(false);
        var name = $"{vendor.TrimEnd('\0', '\n')} {product.TrimEnd('\0', '\n')}".Trim();
        return new DriverProposal(null, "HAT EEPROM", Confidence.Certain, $"the firmware names the HAT: {name}");
    }

    private static ImmutableArray<string> Warn(FoundDevice device, List<FoundDevice> all)
    {
        var warnings = ImmutableArray.CreateBuilder<string>();
        OptionText.TryInteger(device.Address, out var address);
        foreach (var (first, last, chip) in AllCalls)
        {
            var caller = all.FirstOrDefault(other => other.Address != device.Address
                && (other.ConfiguredAs == chip || other.Proposals.Any(proposal => proposal.Chip == chip && proposal.Confidence > Confidence.Guess)));
            if (address >= first && address <= last && caller is not null)
            {
                warnings.Add($"the {chip} at {caller.Address} answers at {device.Address} too, until its ALLCALL bit is cleared: "
                    + "there may be no chip of its own, and one that is there is disturbed");
            }
        }

        if (device.ConfiguredAs is null && device.Proposals.Length > 1)
            warnings.Add($"several chips use {device.Address}: {string.Join(", ", device.Proposals.Select(proposal => proposal.Chip))}; say which it is");
        if (device.ConfiguredAs is null && device.Proposals.IsEmpty && AddressMap.Find(address) is { Identifiable.Length: > 0 } entry)
        {
            warnings.Add($"it answers as none of {entry.Identifiable}: either two chips share {device.Address} on this bus, or it is a chip that is not known here");
        }

        if (IsHatIdentity(device.Bus, address))
            warnings.Add("this is the identification EEPROM of a HAT: it is read through /proc/device-tree/hat and never written");
        return warnings.ToImmutable();
    }
}
