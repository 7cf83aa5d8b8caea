use luhuan_demo::photos::{self, Recipe};
use rand::SeedableRng; use rand_chacha::ChaCha8Rng;
fn main(){
 let mut rng=ChaCha8Rng::seed_from_u64(5);
 let names:Vec<&str>=["bicycle","bicycle","bicycle","fridge","washing-machine","couch-and-lamp","mobile-phone","earbuds","air-conditioner","laptop","guitar","dress","sneaker","books","camera","road-bike"].to_vec();
 let mut sheet=image::RgbImage::new(4*300,4*300);
 let t=std::time::Instant::now(); let mut n=0; let mut size=0;
 for (i,name) in names.iter().enumerate(){ let r=Recipe::draw(name,&mut rng).view((i%3) as u8); let j=r.jpeg().unwrap(); n+=1; size+=j.len();
  let im=image::load_from_memory(&j).unwrap().resize(296,296,image::imageops::FilterType::Triangle).to_rgb8();
  image::imageops::replace(&mut sheet,&im,((i%4)*300) as i64,((i/4)*300) as i64);}
 let _=t;
 let t=std::time::Instant::now(); for i in 0..40{ let r=Recipe::draw(names[i%16],&mut rng); std::hint::black_box(r.jpeg().unwrap()); } 
 println!("{:?} each, {} bytes avg", t.elapsed()/40, size/n);
 sheet.save("/tmp/gen/photos.png").unwrap(); let _=photos::SIDE;
}
