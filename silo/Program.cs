using SchoolHome.Silo;

var builder = WebApplication.CreateBuilder(args);
builder.UseSchoolHomeSilo(builder.Configuration, SiloRole.Process);
builder.UseSchoolHomeHealthUrl();
// Orleans tells much of its own life; what an operator must know is a warning or worse. Logging:LogLevel:Orleans shows the rest.
builder.Logging.AddFilter("Orleans", LogLevel.Warning);

var app = builder.Build();
app.MapSchoolHomeHealth();
await app.RunAsync();
