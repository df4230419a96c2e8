using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using EdgeGateway.Storage;
using EdgeGateway.Storage.Backup;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Storage.Backup;

public sealed class BackupTests : IDisposable
{
    private static readonly MigrationSet[] Tables = [new("test", ["CREATE TABLE note (text TEXT NOT NULL)"])];
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RoundTrip_StateComesBack_AndTheFormerIsKept()
    {
        using (var database = Database.Open(Path.Combine(_folder, "gateway.db"), Tables))
        {
            await AddNoteAsync(database, "first");
            Write("ca/ca.key", "key");
            Write("broker/0000000000000000.log", new string('r', 10_000));
            Write("lock", "");
            Write("endpoints.json", "{}");
            Write("broker/000001.spare", "zeros");
            using var archive = await BackupAsync(); // while the database is open
            await AddNoteAsync(database, "second");
            Write("ca/ca.key", "another");
            Write("later", "not in the backup");
            await Restore.StageAsync(_folder, archive, CancellationToken.None);
        }

        Assert.True(Restore.IsWaiting(_folder));
        var former = Restore.Apply(_folder);

        Assert.Equal(Path.Combine(_folder, "before-restore-1"), former);
        Assert.Equal(["first"], Notes(_folder));
        Assert.Equal("key", File.ReadAllText(Path.Combine(_folder, "ca/ca.key")));
        Assert.Equal(new string('r', 10_000), File.ReadAllText(Path.Combine(_folder, "broker/0000000000000000.log")));
        Assert.False(File.Exists(Path.Combine(_folder, "later")));
        Assert.False(File.Exists(Path.Combine(_folder, "broker/000001.spare")));
        Assert.Equal(["first", "second"], Notes(former!));
        Assert.Equal("another", File.ReadAllText(Path.Combine(former!, "ca/ca.key")));
        Assert.False(Restore.IsWaiting(_folder));
        Assert.Null(Restore.Apply(_folder));
        Assert.Empty(Directory.GetDirectories(_folder, "restore-*").Concat(Directory.GetDirectories(_folder, "backup-*")));
    }

    [Theory]
    [InlineData(0)] // before anything moved
    [InlineData(1)] // the former state half away
    [InlineData(2)] // the former state away, the restored one half in place
    public async Task Apply_CrashedOnTheWay_GoesOnAtTheNextStart(int crash)
    {
        Write("a", "old a");
        Write("b/c", "old c");
        using (var archive = await BackupAsync())
        {
            Write("a", "new a");
            Write("b/c", "new c");
            await Restore.StageAsync(_folder, archive, CancellationToken.None);
        }
        var former = Path.Combine(_folder, "before-restore-1");
        if (crash > 0)
        {
            Directory.CreateDirectory(former);
            File.WriteAllText(Path.Combine(_folder, "restore-ready", "edgegateway-backup.json"), former);
            File.Move(Path.Combine(_folder, "a"), Path.Combine(former, "a"));
        }
        if (crash > 1)
        {
            Directory.Move(Path.Combine(_folder, "b"), Path.Combine(former, "b"));
            Directory.Move(Path.Combine(_folder, "restore-ready"), Path.Combine(_folder, "restore-applying"));
            File.Move(Path.Combine(_folder, "restore-applying", "a"), Path.Combine(_folder, "a"));
        }

        Assert.Equal(former, Restore.Apply(_folder));

        Assert.Equal(("old a", "old c"), (File.ReadAllText(Path.Combine(_folder, "a")), File.ReadAllText(Path.Combine(_folder, "b/c"))));
        Assert.Equal(("new a", "new c"), (File.ReadAllText(Path.Combine(former, "a")), File.ReadAllText(Path.Combine(former, "b/c"))));
    }

    [Fact]
    public void Apply_LeftoversOfABrokenOffBackup_AreRemoved()
    {
        Write("backup-0123/gateway.db", "half");
        Write("restore-incoming/gateway.db", "half");
        Write("a", "kept");

        Assert.Null(Restore.Apply(_folder));

        Assert.Equal([Path.Combine(_folder, "a")], Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("lock")]
    [InlineData("restore-ready/x")]
    [InlineData("gateway.db-wal")]
    public async Task Stage_EntryThatNoBackupHolds_IsRefused(string name)
    {
        using var archive = await ArchiveAsync(("edgegateway-backup.json", "{\"format\":1,\"files\":1}"), (name, "x"));

        var refused = await Assert.ThrowsAsync<BackupException>(() => Restore.StageAsync(_folder, archive, CancellationToken.None));

        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.False(File.Exists(Path.Combine(_folder, "../outside")));
    }

    [Theory]
    [InlineData("{\"format\":2}", "its form is 2")]
    [InlineData("{}", "its form is")]
    [InlineData("{\"format\":1}", "how many files")]
    [InlineData("{\"format\":1,\"files\":2}", "2 files are missing")]
    [InlineData("{", "not a whole backup")]
    public async Task Stage_OtherManifest_IsRefused(string manifest, string expected)
    {
        using var archive = await ArchiveAsync(("edgegateway-backup.json", manifest));

        var refused = await Assert.ThrowsAsync<BackupException>(() => Restore.StageAsync(_folder, archive, CancellationToken.None));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stage_DamagedDatabaseInside_IsRefused()
    {
        using var archive = await ArchiveAsync(("edgegateway-backup.json", "{\"format\":1,\"files\":1}"), ("gateway.db", new string('x', 5000)));

        await Assert.ThrowsAsync<BackupException>(() => Restore.StageAsync(_folder, archive, CancellationToken.None));

        Assert.False(Restore.IsWaiting(_folder));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Stage_CutAnywhere_IsRefused()
    {
        Write("a", new string('a', 3000));
        using var whole = await BackupAsync();
        var bytes = whole.ToArray();
        for (var length = 0; length < bytes.Length; length++)
            await Assert.ThrowsAsync<BackupException>(() => Restore.StageAsync(_folder, new MemoryStream(bytes, 0, length), CancellationToken.None));
        Assert.False(Restore.IsWaiting(_folder));
    }

    [Fact]
    public async Task Copy_LogMovesOnMeanwhile_HoldsSegmentsOfOneMoment()
    {
        // A log that gives up its first segment meanwhile: the copy is never a mixture, it is taken again. It moves on less often than
        // a copy is tried, so that one succeeds however the threads run.
        using var stop = new CancellationTokenSource();
        Write("broker/0000000000000000.log", "0");
        Write("broker/0000000000000001.log", "1");
        var log = Task.Run(() =>
        {
            for (var n = 2; n < 18 && !stop.IsCancellationRequested; n++)
            {
                Write($"broker/{n:x16}.log", n.ToString(System.Globalization.CultureInfo.InvariantCulture));
                File.Delete(Path.Combine(_folder, $"broker/{n - 2:x16}.log"));
            }
        });
        var numbers = new List<long>();
        using (var archive = await BackupAsync())
        await using (var plain = new GZipStream(archive, CompressionMode.Decompress))
        await using (var tar = new TarReader(plain))
            while (await tar.GetNextEntryAsync() is { } entry)
                if (entry.Name.StartsWith("broker/", StringComparison.Ordinal))
                    numbers.Add(Convert.ToInt64(entry.Name["broker/".Length..^".log".Length], 16));
        await stop.CancelAsync();
        await log;

        Assert.NotEmpty(numbers);
        Assert.Equal(Enumerable.Range(0, numbers.Count).Select(n => numbers[0] + n), numbers);
    }

    private async Task<MemoryStream> BackupAsync()
    {
        var stream = new MemoryStream();
        using (var copy = new BackupWriter(_folder, "1.2.3", new FakeTimeProvider()).Copy(CancellationToken.None))
            await copy.SendAsync(stream, CancellationToken.None);
        stream.Position = 0;
        return stream;
    }

    private static async Task<MemoryStream> ArchiveAsync(params (string Name, string Content)[] entries)
    {
        var stream = new MemoryStream();
        await using (var plain = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        await using (var tar = new TarWriter(plain, TarEntryFormat.Pax))
            foreach (var (name, content) in entries)
                await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        stream.Position = 0;
        return stream;
    }

    private void Write(string file, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
        File.WriteAllText(Path.Combine(_folder, file), content);
    }

    private static Task AddNoteAsync(Database database, string text) => database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO note VALUES ($text)";
        command.Parameters.AddWithValue("$text", text);
        command.ExecuteNonQuery();
    });

    private static List<string> Notes(string folder)
    {
        using var database = Database.Open(Path.Combine(folder, "gateway.db"), Tables);
        return database.Read(static connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM note ORDER BY rowid";
            using var reader = command.ExecuteReader();
            var notes = new List<string>();
            while (reader.Read())
                notes.Add(reader.GetString(0));
            return notes;
        });
    }
}
