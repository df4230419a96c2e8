using System.IO.Compression;
using EdgeGateway.Rules.Objects;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Rules.Objects;

public sealed class ObjectFilesTests : IDisposable
{
    private static readonly ObjectSettings Append = new(Appends: true, 0, TimeSpan.Zero, IsCompressed: false, TimeSpan.Zero, 0);
    private readonly string _root = Directory.CreateTempSubdirectory("objects-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Append_Together_KeepsEachLineWhole()
    {
        await using var files = new ObjectFiles(_root, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => files.WriteAsync("b", "all", System.Text.Encoding.UTF8.GetBytes($"{i}\n"), Append)));
        Assert.Equal(Enumerable.Range(0, 200).Select(static i => $"{i}"), (await File.ReadAllLinesAsync(Path.Combine(_root, "b", "all"))).OrderBy(static line => int.Parse(line, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Rotate_BySize_SetsAside_Compressed()
    {
        await using var files = new ObjectFiles(_root, TimeProvider.System);
        var settings = Append with { RotateBytes = 1024, IsCompressed = true };
        await files.WriteAsync("b", "log.jsonl", new byte[1025], settings);
        await files.WriteAsync("b", "log.jsonl", "x"u8.ToArray(), settings);
        var aside = Assert.Single(files.List("b", null, 10), static file => file.Key != "log.jsonl");
        Assert.Matches(@"^log\.\d{8}T\d{9}-\d{3}\.jsonl\.gz$", aside.Key);
        await using var gzip = new GZipStream(files.Open("b", aside.Key)!, CompressionMode.Decompress);
        using var whole = new MemoryStream();
        await gzip.CopyToAsync(whole);
        Assert.Equal(1025, whole.Length);
        Assert.Equal("x", await File.ReadAllTextAsync(Path.Combine(_root, "b", "log.jsonl")));
    }

    [Fact]
    public async Task Rotate_ByTime_WithoutAnotherWrite()
    {
        var time = new FakeTimeProvider();
        await using var files = new ObjectFiles(_root, time);
        await files.WriteAsync("b", "part", "x"u8.ToArray(), Append with { RotateAfter = TimeSpan.FromMinutes(5) }, "done/{time}");
        time.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal("part", Assert.Single(files.List("b", null, 10)).Key);
        await RuleTestHost.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return files.List("b", null, 10) is [{ } only] && only.Key.StartsWith("done/", StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Retention_OldestGo_ByBytes()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var files = new ObjectFiles(_root, time);
        for (var i = 0; i < 5; i++)
        {
            await files.WriteAsync("b", $"{i}", new byte[1000], Append with { Appends = false, MaxBytes = 2500 });
            File.SetLastWriteTimeUtc(Path.Combine(_root, "b", $"{i}"), DateTime.UnixEpoch.AddDays(20_000 + i));
        }
        await RuleTestHost.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return files.List("b", null, 10).Count == 2;
        });
        Assert.Equal(["3", "4"], files.List("b", null, 10).Select(static file => file.Key));
    }
}
