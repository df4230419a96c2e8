using System.Text;
using EdgeGateway.Hosting;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class DatabaseFileTests : IDisposable
{
    private static readonly MigrationSet[] Tables = [new("test", ["CREATE TABLE note (text TEXT NOT NULL)"])];
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]     // the header: not a database any more
    [InlineData(4096)]  // the second page
    public async Task Open_Damaged_KeepsTheFileAndStartsAfresh(int offset)
    {
        using (var database = DatabaseFile.Open(_folder, Tables, NullLogger.Instance))
            await database.WriteAsync(static connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "INSERT INTO note WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT printf('note %d', i) FROM n";
                return command.ExecuteNonQuery();
            });
        var file = Path.Combine(_folder, DatabaseFile.Name);
        using (var stream = File.OpenWrite(file))
        {
            stream.Position = offset;
            stream.Write(Encoding.ASCII.GetBytes(new string('x', 2000)));
        }

        using (var fresh = DatabaseFile.Open(_folder, Tables, NullLogger.Instance))
            Assert.Equal(0L, fresh.Read(static connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = "SELECT count(*) FROM note";
                return (long)command.ExecuteScalar()!;
            }));

        Assert.Equal([$"{file}.corrupt-1"], DatabaseFile.KeptAside(_folder));
        Assert.Contains("xxxx", File.ReadAllText($"{file}.corrupt-1", Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedTwice_KeepsBoth()
    {
        for (var i = 0; i < 2; i++)
        {
            File.WriteAllText(Path.Combine(_folder, DatabaseFile.Name), $"no database, but long enough to be taken for one {i}");
            DatabaseFile.Open(_folder, Tables, NullLogger.Instance).Dispose();
        }

        Assert.Equal(["gateway.db.corrupt-1", "gateway.db.corrupt-2"], DatabaseFile.KeptAside(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_WrittenByALaterVersion_IsRefusedAndUntouched()
    {
        DatabaseFile.Open(_folder, [new("test", ["CREATE TABLE a (x)", "CREATE TABLE b (x)"])], NullLogger.Instance).Dispose();

        var refused = Assert.Throws<StartException>(() => DatabaseFile.Open(_folder, Tables, NullLogger.Instance));

        Assert.Contains("later version", refused.Message, StringComparison.Ordinal);
        Assert.Empty(DatabaseFile.KeptAside(_folder));
    }
}
