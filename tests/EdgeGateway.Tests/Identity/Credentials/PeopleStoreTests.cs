using System.Net;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using Xunit;

namespace EdgeGateway.Tests.Identity.Credentials;

public sealed class PeopleStoreTests : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.168.1.7");
    private readonly IdentityHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Claim_RightCodeOnce_MakesTheFirstAdministrator()
    {
        await _house.StartAsync();
        var code = _house.People.ClaimCode;
        Assert.Matches("^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$", code);

        Assert.IsType<SignInResult.Refused>(await _house.People.ClaimAsync("AAAA-AAAA-AAAA", "eve", "password1", Address, default));
        var claimed = await _house.People.ClaimAsync(code!.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal), "anna", "password1", Address, default);

        Assert.Equal(Role.Administrator, Assert.IsType<SignInResult.Accepted>(claimed).Person.Role);
        Assert.Null(_house.People.ClaimCode);
        Assert.IsType<SignInResult.Refused>(await _house.People.ClaimAsync(code, "eve", "password1", Address, default));
        await _house.StartAsync();
        Assert.Null(_house.People.ClaimCode);
    }

    [Fact]
    public async Task Claim_WeakPassword_LeavesTheCodeInPlace()
    {
        await _house.StartAsync();
        var code = _house.People.ClaimCode;

        await Assert.ThrowsAsync<IdentityException>(() => _house.People.ClaimAsync(code!, "anna", "short", Address, default));

        Assert.Equal(code, _house.People.ClaimCode);
        Assert.Empty(_house.People.List());
    }

    [Fact]
    public async Task SignIn_WrongPasswords_ShutTheAddressOutLongerAndLonger()
    {
        await _house.People.AddAsync("anna", "password1", Role.Operator, IdentityHouse.Actor);
        for (var n = 0; n < 5; n++)
        {
            _house.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.IsType<SignInResult.Refused>(await _house.People.SignInAsync("anna", "guess", Address, default));
        }

        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<SignInResult.SlowDown>(await _house.People.SignInAsync("anna", "password1", Address, default)).RetryAfter);
        Assert.IsType<SignInResult.Accepted>(await _house.People.SignInAsync("anna", "password1", IPAddress.Loopback, default));
        _house.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<SignInResult.Accepted>(await _house.People.SignInAsync("anna", "password1", Address, default));
    }

    [Fact]
    public async Task Remove_LastAdministrator_Refused()
    {
        await _house.People.AddAsync("anna", "password1", Role.Administrator, IdentityHouse.Actor);
        await _house.People.AddAsync("ben", "password1", Role.Viewer, IdentityHouse.Actor);
        await _house.People.RemoveAsync("ben", IdentityHouse.Actor);

        var fault = await Assert.ThrowsAsync<IdentityException>(() => _house.People.RemoveAsync("anna", IdentityHouse.Actor));

        Assert.Equal(IdentityError.DeleteConflict, fault.Error);
        Assert.Equal("anna", Assert.Single(_house.People.List()).Name);
    }

    [Fact]
    public async Task AccessKey_SecretComesBackOnlyForItsKey_AndIsNotInTheDatabase()
    {
        var keys = _house.Get<IAccessKeys>();
        var (key, secret) = await keys.CreateAsync("anna", Role.Viewer, IdentityHouse.Actor);

        Assert.Matches("^AKIA[A-Z2-7]{16}$", key.Id);
        Assert.Equal(40, secret.Length);
        Assert.Equal(secret, keys.FindWithSecret(key.Id)!.Value.Secret);
        Assert.Null(keys.FindWithSecret("AKIAAAAAAAAAAAAAAAAA"));
        var authority = _house.Authorizer.Open(new ConnectionRequest(key.ToPrincipal(), "shell", null));
        Assert.True(authority.MayReceive("a"u8));
        Assert.False(authority.MayPublish("a"u8));
        await keys.DeleteAsync(key.Id, IdentityHouse.Actor);
        Assert.Null(keys.FindWithSecret(key.Id));
        _house.Close();
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync(Path.Combine(_house.Folder, "edgegateway.db"), System.Text.Encoding.Latin1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AuditLog_RowsCannotBeChangedOrTakenOut()
    {
        await _house.Get<IAuditLog>().AppendAsync("cli:root", "test", "x", "first");
        await _house.Get<IAuditLog>().AppendAsync("cli:root", "test", "y", null);
        var database = _house.Get<EdgeGateway.Storage.Database>();

        foreach (var sql in new[] { "DELETE FROM identity_audit", "UPDATE identity_audit SET actor = 'nobody'" })
            await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => database.WriteAsync(connection => connection.Execute(sql)));

        Assert.Equal([("y", null), ("x", "first")], _house.Get<IAuditLog>().List(null, 10).Select(entry => (entry.Subject, entry.Detail)));
    }
}
