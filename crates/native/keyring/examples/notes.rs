//! Notes, a sample app on the desktop: whoever is signed in to the other sample is signed in here, too.

mod desk;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    desk::run("notes").await
}
