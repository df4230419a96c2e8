using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Cli.Doctor;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Cli;

public sealed class DoctorChecksTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly string _root = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Buses_NothingThere_SaysHowToEnableEach()
    {
        var findings = new BusChecks(_root, static _ => true).Run().ToList();

        Assert.Equal(["GPIO", "I2C", "SPI", "UART", "1-Wire"], findings.Select(static finding => finding.Check));
        Assert.All(findings, static finding => Assert.Equal(Verdict.Note, finding.Verdict));
        Assert.Contains("dtparam=i2c_arm=on", findings[1].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Buses_EnabledAndOpen_AreNamed()
    {
        Touch("dev/gpiochip0", "dev/i2c-1", "dev/i2c-20", "dev/spidev0.0", "dev/serial0", "sys/bus/w1/devices/w1_bus_master1", "sys/bus/w1/devices/28-0316a2796cff");

        var findings = new BusChecks(_root, static _ => true).Run().ToList();

        Assert.All(findings, static finding => Assert.Equal(Verdict.Good, finding.Verdict));
        Assert.Equal(["gpiochip0", "i2c-1, i2c-20", "spidev0.0", "serial0", "28-0316a2796cff"], findings.Select(static finding => finding.Detail));
    }

    [Fact]
    public void Buses_WithoutPermission_NamesFileAndGroup()
    {
        Touch("dev/i2c-1");

        var i2c = new BusChecks(_root, static file => !file.EndsWith("i2c-1", StringComparison.Ordinal)).Run().Single(static finding => finding.Check == "I2C");

        Assert.Equal(Verdict.Bad, i2c.Verdict);
        Assert.EndsWith("dev/i2c-1", i2c.Detail, StringComparison.Ordinal);
        Assert.Contains("usermod -aG i2c", i2c.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true, nameof(Verdict.Bad))] // 1970: a Pi without a clock
    [InlineData(1795608000, true, nameof(Verdict.Good))]
    [InlineData(1795608000, false, nameof(Verdict.Note))]
    public void Clock_ByYearAndSynchronisation(long unixSeconds, bool synchronized, string expected) =>
        Assert.Equal(expected, new MachineChecks(new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(unixSeconds))).Clock(synchronized).Verdict.ToString());

    [Theory]
    [InlineData(true, true, nameof(Verdict.Good))]
    [InlineData(true, false, nameof(Verdict.Bad))]
    [InlineData(false, true, nameof(Verdict.Note))]
    [InlineData(false, false, nameof(Verdict.Good))]
    public void Port_InUseOrNot_GatewayRunningOrNot(bool inUse, bool running, string expected) =>
        Assert.Equal(expected, MachineChecks.Port("mqtt", 1883, inUse, running).Verdict.ToString());

    [Theory]
    [InlineData(-10, 100, nameof(Verdict.Good), "")]
    [InlineData(-10, 10, nameof(Verdict.Bad), "ends soon")]
    [InlineData(-10, -1, nameof(Verdict.Bad), "over")]
    [InlineData(1, 100, nameof(Verdict.Bad), "not valid yet")]
    public void Certificate_ByItsDates(int fromDays, int toDays, string expected, string words)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=pi.local", key, HashAlgorithmName.SHA256).CreateSelfSigned(Now.AddDays(fromDays), Now.AddDays(toDays));

        var finding = new CertificateChecks(new FakeTimeProvider(Now)).Judge("mqtts", certificate);

        Assert.Equal(expected, finding.Verdict.ToString());
        Assert.StartsWith(words, finding.Detail, StringComparison.Ordinal);
        Assert.Contains("pi.local", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void BoundListeners_FileThere_IsRead()
    {
        File.WriteAllText(Path.Combine(_root, "endpoints.json"), """{"mqtt":"127.0.0.1:18830","https":"[::]:8443"}""");

        var bound = BoundListeners.Read(_root)!;

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 18830), bound["mqtt"]);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 8443), bound["https"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"mqtt\":")]
    [InlineData("{\"mqtt\":\"nowhere\"}")]
    public void BoundListeners_MissingOrBroken_AreUnknown(string? content)
    {
        if (content is not null)
            File.WriteAllText(Path.Combine(_root, "endpoints.json"), content);

        Assert.Null(BoundListeners.Read(_root));
    }

    private void Touch(params ReadOnlySpan<string> files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_root, file))!);
            File.WriteAllText(Path.Combine(_root, file), "");
        }
    }
}
