using System.Diagnostics;
using System.Globalization;
using EdgeGateway.Storage.Backup;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Storage.Backup;

/// <summary>An archive from outside is refused or taken whole, whatever its bytes are.</summary>
public sealed class RestoreFuzzTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Category", "Fuzz")]
    public async Task Stage_ArchiveWithAnyBytesChanged_IsRefusedOrWhole()
    {
        var source = Path.Combine(_folder, "source");
        Directory.CreateDirectory(Path.Combine(source, "broker"));
        File.WriteAllText(Path.Combine(source, "a"), new string('a', 700));
        File.WriteAllText(Path.Combine(source, "broker", "0000000000000000.log"), new string('b', 9000));
        var whole = await ArchiveAsync(source);
        var seed = Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS") is null ? 1 : Environment.TickCount; // the short run is the same each time
        var random = new Random(seed);
        var refused = 0;
        for (var (start, n) = (Stopwatch.GetTimestamp(), 0); Stopwatch.GetElapsedTime(start) < Duration || n < 50; n++)
        {
            var target = Path.Combine(_folder, $"target-{n}");
            Directory.CreateDirectory(target);
            try
            {
                await Restore.StageAsync(target, new MemoryStream(Change(whole, random)), CancellationToken.None);
                Assert.True(Restore.IsWaiting(target), $"seed {seed}, round {n}");
            }
            catch (BackupException)
            {
                refused++;
                Assert.False(Restore.IsWaiting(target), $"seed {seed}, round {n}");
                Assert.Empty(Directory.GetFileSystemEntries(target));
            }
            Directory.Delete(target, recursive: true);
        }
        Assert.True(refused > 0, $"seed {seed}: nothing was refused");
    }

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 1);

    private static byte[] Change(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : bytes;
    }

    private static async Task<byte[]> ArchiveAsync(string folder)
    {
        using var stream = new MemoryStream();
        using (var copy = new BackupWriter(folder, "1.2.3", new FakeTimeProvider()).Copy(CancellationToken.None))
            await copy.SendAsync(stream, CancellationToken.None);
        return stream.ToArray();
    }
}
